/** Worst first: it costs purchases or referrals; it may; it is good to know. */
export const severities = ['error', 'warning', 'note'] as const;
export type Severity = (typeof severities)[number];

/** All that can be found, by its code: programs and docs/doctor.md know it by that, so a code never changes. */
export const codes = {
  'page-redirected': 'note',
  'tag-missing': 'error',
  'tag-only-rendered': 'note',
  'tag-not-rendered': 'error',
  'tag-twice': 'warning',
  'tag-two-keys': 'error',
  'tag-own-site': 'error',
  'tag-delayed': 'warning',
  'tag-stripped': 'error',
  'tag-bundled': 'error',
  'tag-in-bundle': 'note',
  'tag-inlined': 'warning',
  'tag-module': 'note',
  'tag-blocking': 'warning',
  'stub-missing': 'warning',
  'stub-older': 'note',
  'key-malformed': 'error',
  'key-unknown': 'error',
  'key-disabled': 'error',
  'secret-in-page': 'error',
  'setting-misspelled': 'warning',
  'setting-wrong': 'warning',
  'template-not-filled': 'error',
  'purchase-refused': 'error',
  'order-missing': 'warning',
  'value-unreadable': 'warning',
  'endpoint-wrong': 'error',
  'endpoint-insecure': 'error',
  'endpoint-unreachable': 'error',
  'service-busy': 'warning',
  'origin-unregistered': 'warning',
  'level-too-low': 'error',
  'script-unreachable': 'error',
  'script-not-ours': 'error',
  'script-stale': 'warning',
  'script-pinned-old': 'note',
  'integrity-wrong': 'error',
  'integrity-without-crossorigin': 'error',
  'integrity-on-moving-address': 'warning',
  'csp-blocks-script': 'error',
  'csp-blocks-stub': 'error',
  'csp-blocks-messages': 'error',
  'csp-blocks-beacon': 'warning',
  'csp-blocks-image': 'warning',
  'csp-trusted-types': 'warning',
  'csp-report-only': 'note',
  'consent-holds-tag': 'note',
  'consent-never-given': 'warning',
  'pixel-not-running': 'error',
  'pixel-complains': 'warning',
  'messages-blocked': 'error',
  'beacon-blocked': 'warning',
  'image-blocked': 'warning',
  'referral-param-differs': 'error',
  'referral-dropped': 'error',
  'referral-not-kept': 'error',
  'referral-lost': 'error',
  'thank-you-silent': 'error',
  'secret-refused': 'error',
  'base-url-differs': 'warning',
  'copy-missing': 'warning',
  'copy-key-differs': 'error',
  'copy-customer-differs': 'error',
  'copy-service-differs': 'error',
  'copy-amount-differs': 'error',
} as const satisfies Record<string, Severity>;
export type Code = keyof typeof codes;

/** Something that is wrong with a page, or good to know. */
export interface Finding {
  code: Code;
  /** What is so and what to do, in sentences. */
  sentence: string;
  /** What to paste, where that can be said. */
  change?: string;
}

/** A finding as it is shown. */
export interface ReportedFinding extends Finding {
  severity: Severity;
  /** Which page it is about, without query. */
  page: string;
  /** Where the docs say more. */
  docs: string;
}

/** The findings of a page, each once: of those with the same code and change, the first. */
export function report(page: string, findings: readonly Finding[]): ReportedFinding[] {
  const distinct = findings.filter(
    ({ code, sentence }, index) =>
      index === findings.findIndex((other) => other.code === code && other.sentence === sentence),
  );
  return distinct.map((finding) => ({
    ...finding,
    severity: codes[finding.code],
    page,
    docs: `docs/doctor.md#${finding.code}`,
  }));
}

/** Worst first, otherwise in the order in which they were found. */
export function sortBySeverity(findings: readonly ReportedFinding[]): ReportedFinding[] {
  return severities.flatMap((severity) => findings.filter((finding) => finding.severity === severity));
}
