// Builds web/static/build/: style sheet, scripts, fonts and the icon sprite under hashed names, and manifest.json
// (logical name -> file), which is all that the pages know. Run by `make setup`; the folder is never committed.

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const assets = dirname(fileURLToPath(import.meta.url));
const root = join(assets, "..", "..");
const target = join(root, "web", "static", "build");
const fresh = `${target}.new`;
const icons = join(root, "node_modules", "@phosphor-icons", "core", "assets", "regular");

/** Browsers of 2023: esbuild lowers nesting for them; light-dark() is lowered below. */
const browsers = ["chrome111", "edge111", "firefox113", "safari16.4"];

function hashed(name, extension, content) {
  const file = `${name}-${createHash("sha256").update(content).digest("hex").slice(0, 10)}.${extension}`;
  writeFileSync(join(fresh, file), content);
  return file;
}

/** The colours once more, one set per theme, for browsers without light-dark(). */
function coloursForOlderBrowsers(theme) {
  const pairs = [...theme.matchAll(/(--[\w-]+):\s*light-dark\(([^,()]+),\s*([^,()]+)\)/g)];
  const set = (column) => pairs.map((pair) => `${pair[1]}:${pair[column]}`).join(";");
  return `@layer tokens{@supports not (color:light-dark(#000,#fff)){
    :root,[data-theme="light"]{${set(2)}}
    @media (prefers-color-scheme:dark){:root:not([data-theme="light"]){${set(3)}}}
    [data-theme="dark"]{${set(3)}}
  }}`;
}

function sprite() {
  const wanted = JSON.parse(readFileSync(join(assets, "icons.json"), "utf8"));
  const symbols = Object.entries(wanted).map(([name, source]) => {
    const svg = readFileSync(join(icons, `${source}.svg`), "utf8");
    const [, viewBox] = svg.match(/viewBox="([^"]+)"/);
    const [, inner] = svg.match(/<svg[^>]*>(.*)<\/svg>/s);
    return `<symbol id="i-${name}" viewBox="${viewBox}">${inner}</symbol>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`;
}

const lowerColours = {
  name: "colours-for-older-browsers",
  setup(build) {
    build.onLoad({ filter: /theme\.css$/ }, ({ path }) => {
      const theme = readFileSync(path, "utf8");
      return { contents: `${theme}\n${coloursForOlderBrowsers(theme)}`, loader: "css" };
    });
  },
};

rmSync(fresh, { recursive: true, force: true });
mkdirSync(fresh, { recursive: true });

const scripts = readdirSync(assets).filter((file) => file.endsWith(".js")).map((file) => join(assets, file));
const result = await build({
  absWorkingDir: root,
  entryPoints: [join(assets, "samverk.css"), { in: "htmx.org/dist/htmx.min.js", out: "htmx" }, ...scripts].map((entry) =>
    typeof entry === "string" ? { in: entry, out: basename(entry).replace(/\.\w+$/, "") } : entry,
  ),
  outdir: fresh,
  bundle: true,
  minify: true,
  metafile: true,
  legalComments: "none",
  format: "iife",
  target: browsers,
  entryNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  loader: { ".woff2": "file", ".svg": "file" },
  plugins: [lowerColours],
  logLevel: "warning",
});

const manifest = {};
for (const output of Object.keys(result.metafile.outputs)) {
  const file = basename(output);
  manifest[file.replace(/-[A-Z0-9]{8}(?=\.\w+$)/, "")] = file;
}
manifest["icons.svg"] = hashed("icons", "svg", sprite());
for (const file of readdirSync(assets).filter((name) => name.endsWith(".svg"))) {
  manifest[file] = hashed(file.replace(/\.svg$/, ""), "svg", readFileSync(join(assets, file)));
}
const sorted = Object.fromEntries(Object.entries(manifest).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(join(fresh, "manifest.json"), `${JSON.stringify(sorted, null, 2)}\n`);

if (existsSync(target)) rmSync(target, { recursive: true });
renameSync(fresh, target);
