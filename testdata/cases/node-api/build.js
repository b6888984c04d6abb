// npm run build APP: puts what APP needs at run time into dist/apps/APP.
const fs = require("fs");
const path = require("path");

const app = process.argv[2];
if (!app) {
  console.error("usage: npm run build APP");
  process.exit(1);
}
const dist = path.join("dist", "apps", app);
fs.mkdirSync(dist, { recursive: true });
fs.copyFileSync(path.join("apps", app, "main.js"), path.join(dist, "main.js"));
