/** `node test/support/playCluster.ts` starts the cluster of docs/cluster.md on loopback, for playing, until Ctrl-C. */
import { startCluster } from './cluster.ts';

const { servers, addresses, remove } = await startCluster();
console.log(addresses);
console.log(Object.fromEntries(servers.map(({ name, url }) => [name, url])));
process.once('SIGINT', () => remove());
