/**
 * From the address of a request to another of the service, relatively: a proxy may have put the service below a
 * path that it doesn't know of. Each slash of the address is a step up, even one too many.
 */
export function linkFrom(requestUrl: string, path: string): string {
  const [own = ''] = requestUrl.split('?', 1);
  const steps = own.split('/').length - 2;
  return `${'../'.repeat(steps) || './'}${path}`;
}
