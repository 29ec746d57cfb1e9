import { createServer } from 'node:http';
import type { Server } from 'node:http';

/** Serves `GET /ready`: 200 while `isReady` says so, 503 otherwise. Everything else is 404. */
export async function serveReadiness(port: number, isReady: () => boolean | Promise<boolean>): Promise<Server> {
  const server = createServer((request, response) => {
    const answer = async () => {
      if (request.method !== 'GET' || request.url !== '/ready') return 404;
      return (await isReady()) ? 200 : 503;
    };
    answer().then(
      (status) => response.writeHead(status).end(),
      () => response.writeHead(503).end(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, resolve);
  });
  return server;
}
