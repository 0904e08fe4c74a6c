"""Is the process alive, is it ready, and what does it count: for the operator's tools."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, make_response, request
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Histogram, generate_latest
from werkzeug.exceptions import NotFound as NoSuchPage

from web import current

blueprint = Blueprint("system", __name__)

REQUESTS = Counter("samverk_requests_total", "Answered requests", ("endpoint", "status"))
SECONDS = Histogram("samverk_request_seconds", "Time to answer", ("endpoint",))


@blueprint.get("/healthz")
def healthz() -> Response:
    """This will answer that the process is alive, and ask nothing else."""
    return jsonify({"status": "ok"})


@blueprint.get("/readyz")
def readyz() -> Response:
    """This will answer 200 when every part works, else 503 with the faults by part."""
    faults = current.services().readiness()
    return make_response(jsonify({"status": "waiting" if faults else "ok", "faults": faults}), 503 if faults else 200)


@blueprint.get("/metrics")
def metrics() -> Response:
    """This will answer the figures to the machine itself; to anybody else there is no such page."""
    if request.remote_addr not in ("127.0.0.1", "::1") or "X-Forwarded-For" in request.headers:
        raise NoSuchPage
    return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)
