"""One way through the company's pages and the interface on each database."""

from __future__ import annotations

from pathlib import Path

from tests.integration.web.company_world import ask, opened, opened_world, post, token


class TestCompanyWay:
    def test_from_inquiry_to_withdrawal(self, database_url: str, tmp_path: Path) -> None:
        with opened_world(database_url, tmp_path) as world:
            contact = world.signed_in("contact")
            faulty = ask(contact, headcount="tolv")
            case_id = opened(contact)
            page = f"/my/{case_id}"
            letter = post(contact, page, f"{page}/messages", text="När kan vi börja?", key="brev")
            read = contact.get(f"/api/v1/cases/{case_id}").get_json()
            body = {"expected_revision": read["revision"], "values": {"sme.headcount_awu": 14}}
            headers = {"X-CSRFToken": contact.get("/api/v1/session").get_json()["csrf_token"], "Idempotency-Key": "14"}
            saved = contact.post(f"/api/v1/cases/{case_id}/facts", json=body, headers=headers)
            again = contact.post(f"/api/v1/cases/{case_id}/facts", json=body, headers=headers)
            late = contact.post(
                f"/api/v1/cases/{case_id}/facts", json=body, headers={**headers, "Idempotency-Key": "15"}
            )
            shown = contact.get(f"{page}/withdraw").get_data(as_text=True)
            revision = str(world.case(case_id).revision)
            gone = contact.post(
                f"{page}/withdraw", data={"csrf_token": token(shown), "revision": revision, "key": "tillbaka"}
            )

            assert faulty.status_code == 422
            assert letter.status_code == 302
            assert saved.status_code == 200
            assert again.get_json() == saved.get_json()
            assert late.status_code == 409
            assert gone.status_code == 302
            assert world.case(case_id).outcome == "withdrawn"
            assert str(world.case(case_id).facts["sme.headcount_awu"].value) == "14"
