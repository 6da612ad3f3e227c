// The scenarios of the repository, with the files that they name. In: its folder. Out, on stdout: one JSON object, path to text.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const root = process.argv[2];
const paths = readdirSync(join(root, "scenarios"), { recursive: true })
  .map((path) => `scenarios/${path.replaceAll("\\", "/")}`)
  .filter((path) => /\.(toml|csv)$/.test(path))
  .sort();
const files = paths.map((path) => [path, readFileSync(join(root, path), "utf8")]);
process.stdout.write(JSON.stringify(Object.fromEntries(files)));
