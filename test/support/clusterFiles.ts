import { randomInt } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';

/**
 * The files of docs/cluster as an operator has them on a machine, with loopback's addresses for the machines', and shorter
 * times. Each thing that is put in has to be found, so the example can't become another one than what is tried.
 */
export interface ClusterFiles {
  /** Of server 1, 2 or 3. */
  etcd(server: number): Promise<Record<string, string>>;
  patroni(server: number, folders: { data: string; programs: string }): Promise<string>;
  haproxy(): Promise<string>;
  pgbouncer(userList: string): Promise<string>;
  network: Network;
}

export type Network = ReturnType<typeof chooseNetwork>;

const example = resolve(import.meta.dirname, '../../docs/cluster');

/** Addresses that nobody else has, all of this machine, with the ports of the example. */
function chooseNetwork() {
  const net = `127.${randomInt(2, 250)}.${randomInt(1, 250)}`;
  return {
    /** Where a server's programs listen. */
    inside: (server: number) => `${net}.${10 + server}`,
    /** Where the other servers find it. */
    forPeers: (server: number) => `${net}.${20 + server}`,
    /** Where clients and HAProxy find it. */
    forClients: (server: number) => `${net}.${30 + server}`,
    /** Where it finds etcd. */
    toEtcd: (server: number) => `${net}.${40 + server}`,
    balancer: `${net}.5`,
  };
}

export function chooseFiles(password: string): ClusterFiles {
  const network = chooseNetwork();
  const allServers = [1, 2, 3];
  const passwords: Change[] = ['api', 'superuser', 'replication', 'rewind'].map((whose) => [
    `change-me-${whose}`,
    password,
  ]);
  return {
    network,
    async etcd(server) {
      const text = change(await readExample('etcd'), [
        ['ETCD_NAME=db1', `ETCD_NAME=db${server}`],
        [/(_URLS=http:\/\/)10\.0\.0\.11/g, `$1${network.inside(server)}`],
        ...allServers.map(
          (each): Change => [`http://10.0.0.1${each}:2380`, `http://${network.inside(each)}:2380`],
        ),
        [/^ETCD_DATA_DIR=.*$/m, 'ETCD_DATA_DIR=etcd'],
      ]);
      const lines = text.split('\n').filter((line) => /^\w+=/.test(line));
      return Object.fromEntries(lines.map((line) => [line.replace(/=.*/, ''), line.replace(/^\w+=/, '')]));
    },
    async patroni(server, { data, programs }) {
      return change(await readExample('patroni.yml'), [
        ['name: db1', `name: db${server}`],
        [/^ {2}hosts: .*2379$/m, `  hosts: ${network.toEtcd(server)}:2379\n  use_proxies: true`],
        [/\blisten: 10\.0\.0\.11/g, `listen: ${network.inside(server)}`],
        [/\bconnect_address: 10\.0\.0\.11/g, `connect_address: ${network.forPeers(server)}`],
        [/10\.0\.0\.0\/24/g, '127.0.0.0/8'],
        [/^ {2}data_dir: .*$/m, `  data_dir: ${data}`],
        [/^ {2}bin_dir: .*$/m, `  bin_dir: ${programs}`],
        [/^ {2}pgpass: .*$/m, `  pgpass: ${data}.pgpass`],
        ['unix_socket_directories: /var/run/postgresql', "unix_socket_directories: ''"],
        [/^.*local all all peer\n/m, ''],
        // A machine that tests run on is not to be reset.
        ['mode: automatic', "mode: 'off'"],
        ...passwords,
        ['ttl: 30', 'ttl: 5'],
        ['loop_wait: 10', 'loop_wait: 1'],
        ['retry_timeout: 10', 'retry_timeout: 2'],
        ['wal_sender_timeout: 10s', 'wal_sender_timeout: 2s'],
        ['wal_receiver_timeout: 10s', 'wal_receiver_timeout: 2s\n        wal_retrieve_retry_interval: 500ms'],
      ]);
    },
    async haproxy() {
      return change(await readExample('haproxy.cfg'), [
        ['bind 127.0.0.1:5000', `bind ${network.balancer}:5000`],
        ...allServers.map((each): Change => [`10.0.0.1${each}:5432`, `${network.forClients(each)}:5432`]),
      ]);
    },
    async pgbouncer(userList) {
      return change(await readExample('pgbouncer.ini'), [
        ['host=127.0.0.1 port=5000', `host=${network.balancer} port=5000`],
        ['listen_addr = 127.0.0.1', `listen_addr = ${network.balancer}`],
        ['/etc/pgbouncer/userlist.txt', userList],
        // A single connection for all: whoever waits for another one while it has one waits for ever.
        ['default_pool_size = 20', 'default_pool_size = 1'],
      ]);
    },
  };
}

const readExample = (name: string) => readFile(resolve(example, name), 'utf8');

type Change = [from: string | RegExp, to: string];

/** @throws Error where the text hasn't got what is to be changed */
function change(text: string, changes: readonly Change[]): string {
  return changes.reduce((changed, [from, to]) => {
    const isThere = typeof from === 'string' ? changed.includes(from) : changed.search(from) >= 0;
    if (!isThere) throw new Error(`The example has no ${from} any more.`);
    return changed.replace(from, to);
  }, text);
}
