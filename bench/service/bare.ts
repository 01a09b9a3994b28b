/** The least that a server in Node can do with a message: `node bare.ts <port>` reads the body and answers 204. */
import { createServer } from 'node:http';

createServer((request, response) => {
  request.on('data', () => undefined);
  request.on('end', () => {
    response.statusCode = 204;
    response.end();
  });
}).listen(Number(process.argv[2]), '127.0.0.1', () => process.stderr.write('bare listens on it\n'));
