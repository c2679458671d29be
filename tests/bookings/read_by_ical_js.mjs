// Reads a calendar from standard input with ical.js and writes its events as JSON: an opinion that is not Python's.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const require = createRequire(join(process.argv[2], "package.json"));
const loaded = await import(require.resolve("ical.js"));
const ICAL = loaded.default ?? loaded;

const calendar = new ICAL.Component(ICAL.parse(readFileSync(0, "utf8")));
const told = (property) => {
  const value = property.getFirstValue();
  return value instanceof ICAL.Time ? value.toJSDate().toISOString() : String(value);
};
const events = calendar.getAllSubcomponents("vevent").map((event) =>
  Object.fromEntries(event.getAllProperties().map((property) => [property.name.toUpperCase(), told(property)])),
);
process.stdout.write(JSON.stringify(events));
