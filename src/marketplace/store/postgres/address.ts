/** An address whose user, password, port and database may be left out, with one host or several. */
const form = /^(?<scheme>[a-z][a-z\d+.-]*:\/\/)(?<user>[^/?#]*@)?(?<hosts>[^/?#]*)(?<rest>.*)$/is;

/**
 * The address of each server that one address names, in the order in which it does, as PostgreSQL's own library reads
 * it: postgres://one,two:5433/ledger, or ?host=one,two&port=5432,5433
 * (https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-MULTIPLE-HOSTS).
 */
export function listServers(address: string): string[] {
  const { scheme = '', user = '', hosts = '', rest = '' } = form.exec(address)?.groups ?? {};
  if (!hosts.includes(',')) return listServersOfQuery(address);
  return hosts.split(',').map((host) => scheme + user + host + rest);
}

function listServersOfQuery(address: string): string[] {
  const url = URL.parse(address);
  const hosts = url?.searchParams.get('host')?.split(',') ?? [];
  const ports = url?.searchParams.get('port')?.split(',') ?? [];
  if (!url || hosts.length < 2) return [address];
  return hosts.map((host, index) => {
    const server = new URL(url);
    server.searchParams.set('host', host);
    // One port may stand for all.
    server.searchParams.set('port', ports[ports.length > 1 ? index : 0] ?? '');
    return server.href;
  });
}

export function isReadable(address: string): boolean {
  return listServers(address).every((server) => URL.canParse(server));
}

/** The address as anyone may read it; of one that isn't readable only the scheme, since anything could stand in it. */
export function withoutPassword(address: string): string {
  if (!isReadable(address)) return address.replace(/:\/\/.*/s, '://…');
  const { scheme, hosts, rest = '' } = form.exec(address)?.groups ?? {};
  return `${scheme}${hosts}${rest.replace(/[?#].*/s, '')}`;
}
