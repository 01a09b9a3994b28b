/** What the page's Content Security Policy has stopped since the panel loaded. */
export interface Violations {
  /**
   * The directive that stopped a request to that address after that time; undefined when none did. The browser tells
   * it in an event of its own, so this waits a moment for it.
   */
  directiveFor(address: string, sinceMs: number): Promise<string | undefined>;
  stop(): void;
}

interface Violation {
  address: string;
  directive: string;
  at: number;
}

const patienceMs = 250;

export function watchViolations(): Violations {
  const seen: Violation[] = [];
  const listeners = new Set<() => void>();

  function remember(event: SecurityPolicyViolationEvent): void {
    if (event.disposition !== 'enforce') return;
    seen.push({ address: event.blockedURI, directive: event.effectiveDirective, at: performance.now() });
    for (const listener of listeners) listener();
  }
  document.addEventListener('securitypolicyviolation', remember);

  return {
    async directiveFor(address, since) {
      const { origin } = new URL(address);
      // Browsers shorten the address that they name, some to its origin.
      const find = () =>
        seen.find((violation) => violation.at >= since && violation.address.startsWith(origin))?.directive;
      return find() ?? (await waitFor(find));
    },
    stop: () => document.removeEventListener('securitypolicyviolation', remember),
  };

  function waitFor(find: () => string | undefined): Promise<string | undefined> {
    return new Promise((resolve) => {
      const listener = () => {
        if (find() === undefined) return;
        done();
      };
      const done = () => {
        clearTimeout(timer);
        listeners.delete(listener);
        resolve(find());
      };
      const timer = setTimeout(done, patienceMs);
      listeners.add(listener);
    });
  }
}
