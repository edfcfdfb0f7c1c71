/** The page at `/api/docs`: Swagger UI from npm beside a page of ours, so that it needs no outside host and no inline script. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Plugin } from 'vite';

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Footwell API</title>
    <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
    <link rel="stylesheet" href="/docs/swagger-ui.css" />
  </head>
  <body>
    <div id="docs"></div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/docs.js"></script>
  </body>
</html>
`;
const SCRIPT = `SwaggerUIBundle({ url: '/api/openapi.json', dom_id: '#docs', deepLinking: true, validatorUrl: null });
`;
const LIBRARY = ['swagger-ui.css', 'swagger-ui-bundle.js'];

export function apiDocs(): Plugin {
  return {
    name: 'footwell-api-docs',
    apply: 'build',
    generateBundle() {
      const library = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
      const put = (name: string, source: string | Uint8Array) =>
        this.emitFile({ type: 'asset', fileName: `docs/${name}`, source });
      put('index.html', PAGE);
      put('docs.js', SCRIPT);
      for (const name of LIBRARY) put(name, readFileSync(join(library, name)));
    },
  };
}
