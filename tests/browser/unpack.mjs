// Unpacks the browser of node_modules/@sparticuz/chromium and the libraries that it needs into the folder named.
import { createReadStream, createWriteStream, mkdirSync } from "node:fs";
import { spawn } from "node:child_process";
import { finished } from "node:stream/promises";
import { createBrotliDecompress } from "node:zlib";

const [, , source, target] = process.argv;

const inflated = (name) => createReadStream(`${source}/${name}`).pipe(createBrotliDecompress());

async function untar(name, folder) {
  mkdirSync(folder, { recursive: true });
  const tar = spawn("tar", ["-x", "-C", folder], { stdio: ["pipe", "inherit", "inherit"] });
  inflated(name).pipe(tar.stdin);
  const code = await new Promise((resolve) => tar.on("close", resolve));
  if (code !== 0) throw new Error(`tar of ${name} ended with ${code}`);
}

mkdirSync(target, { recursive: true });
await finished(inflated("chromium.br").pipe(createWriteStream(`${target}/chromium`, { mode: 0o755 })));
await untar("al2023.tar.br", `${target}/libraries`);
await untar("swiftshader.tar.br", target);
