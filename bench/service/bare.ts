/** The least that a server in Node can do with a message: `node bare.ts` reads the body and answers 204. */
import { createServer } from 'node:http';
import { listen } from './listen.ts';

listen(
  createServer((request, response) => {
    request.on('data', () => undefined);
    request.on('end', () => {
      response.statusCode = 204;
      response.end();
    });
  }),
);
