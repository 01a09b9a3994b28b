import { randomUUID } from 'node:crypto';

/** What npm writes in CycloneDX, as far as it is looked at here. */
export interface Bill {
  serialNumber: string;
  metadata: { component: Component };
  components: Component[];
  dependencies: { ref: string; dependsOn: string[] }[];
}

export interface Component {
  'bom-ref': string;
  type: string;
  name: string;
  version: string;
  purl: string;
  scope?: string;
  description?: string;
  properties: unknown[];
}

/** The package that a bill is of, and what it brings along by itself: names of other packages. */
export interface Described {
  name: string;
  version: string;
  description: string;
  type: 'application' | 'library';
  brings: readonly string[];
}

/**
 * One package's part of what npm says of the whole repository. Asked for less, npm leaves out what the tools need as
 * well, and names the package after its folder.
 */
export function billOf(whole: Bill, { brings, ...described }: Described): Bill {
  const ref = `${described.name}@${described.version}`;
  const direct = whole.components
    .filter(({ name }) => brings.includes(name))
    .map((found) => found['bom-ref']);
  const needed = new Map([[ref, direct]]);
  const known = new Map(whole.dependencies.map(({ ref, dependsOn }) => [ref, dependsOn]));
  const follow = (refs: readonly string[]) => {
    for (const ref of refs) {
      if (needed.has(ref)) continue;
      const dependsOn = known.get(ref) ?? [];
      needed.set(ref, dependsOn);
      follow(dependsOn);
    }
  };
  follow(direct);
  return {
    ...whole,
    serialNumber: `urn:uuid:${randomUUID()}`,
    metadata: {
      ...whole.metadata,
      component: { ...whole.metadata.component, ...described, 'bom-ref': ref, purl: `pkg:npm/${ref}` },
    },
    components: whole.components
      .filter((component) => component['bom-ref'] !== ref && needed.has(component['bom-ref']))
      // To the repository some of them are tools; to who installs the package they are not.
      .map((component) => ({ ...component, scope: 'required', properties: [] })),
    dependencies: [...needed].map(([ref, dependsOn]) => ({ ref, dependsOn })),
  };
}
