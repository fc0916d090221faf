// Prints, as one JSON array, for each document named what AsyncAPI's parser finds wrong with it.
import { Parser, fromFile } from "@asyncapi/parser";

const parser = new Parser();
const found = [];
for (const file of process.argv.slice(2)) {
  const { diagnostics } = await fromFile(parser, file).parse();
  found.push(diagnostics.map(({ code, path, message }) => `${code} at ${path.join("/")}: ${message}`));
}
process.stdout.write(JSON.stringify(found));
