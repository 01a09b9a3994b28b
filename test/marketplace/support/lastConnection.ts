// A program that ends all its connections to the database while one is in use, and gives that back: it is told to by a line.
import { once } from 'node:events';
import { createPool } from '../../../src/marketplace/store/postgres/pool.ts';

const [url = ''] = process.argv.slice(2);
const pool = createPool(url, 1);
const connection = await pool.connect();
await connection.query('select 1');
console.log('connected');
await once(process.stdin, 'data');
process.stdin.destroy();
const ending = pool.end();
connection.release();
await ending;
