import { runCommand } from './command.ts';

/** As the audit trail of the service calls whoever looks at its console from here. */
const operatorName = 'You';

export interface Dashboard {
  /** Address of the service's own console. */
  address: string;
  /**
   * Signs in as the marketplace's people do, by a link that works once.
   *
   * @returns the session's cookie, for the browser to keep; undefined where the service doesn't answer
   */
  signIn(): Promise<string | undefined>;
}

/** The marketplace's own dashboard, with an operator made for this demo. */
export async function createDashboard(baseUrl: string, database: string): Promise<Dashboard> {
  const run = (...words: string[]) => runCommand(...words, '--database', database, '--json');
  await run('operator', 'add', operatorName);

  return {
    address: `${baseUrl}/console`,
    async signIn() {
      const printed: unknown = JSON.parse(await run('operator', 'link', operatorName));
      const token = hasLink(printed) ? printed.link.replace(/^.*\//, '') : '';
      const answer = await fetch(`${baseUrl}/console/sign-in`, {
        method: 'POST',
        body: new URLSearchParams({ token: decodeURIComponent(token) }),
        redirect: 'manual',
        signal: AbortSignal.timeout(3_000),
      }).catch(() => undefined);
      const [cookie] = answer?.headers.getSetCookie() ?? [];
      // By itself it would be kept for the folder of the page that set it.
      return cookie && `${cookie.replace(/; *path=[^;]*/i, '')}; Path=/console`;
    },
  };
}

function hasLink(value: unknown): value is { link: string } {
  return typeof value === 'object' && value !== null && 'link' in value && typeof value.link === 'string';
}
