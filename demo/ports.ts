const defaults = {
  console: 4800,
  provider: 4801,
  payment: 4802,
  marketplace: 4803,
  backend: 4804,
  service: 4747,
};

export type Ports = typeof defaults;

/** The ports to try first. DEMO_PORT moves all of them: to that one and the next five; 0 takes free ones. */
export function wantedPorts(demoPort: string | undefined): Ports {
  if (!demoPort) return defaults;
  const first = Number(demoPort);
  if (!Number.isInteger(first) || first < 0 || first > 65_530) {
    throw new Error(`DEMO_PORT is "${demoPort}"; it has to be a port number from 0 to 65530.`);
  }
  if (first === 0) return { console: 0, provider: 0, payment: 0, marketplace: 0, backend: 0, service: 0 };
  return {
    console: first,
    provider: first + 1,
    payment: first + 2,
    marketplace: first + 3,
    backend: first + 4,
    service: first + 5,
  };
}
