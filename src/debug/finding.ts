/** Worst first: it costs purchases or referrals; it may; it is good to know. */
export const severities = ['problem', 'check', 'note'] as const;
export type Severity = (typeof severities)[number];

/** Something that the reader may have to do something about. */
export interface Finding {
  severity: Severity;
  /** What is so, in a sentence without a point. */
  title: string;
  /** What to do about it, in sentences. */
  advice: string;
}

export function problem(title: string, advice: string): Finding {
  return { severity: 'problem', title, advice };
}

export function check(title: string, advice: string): Finding {
  return { severity: 'check', title, advice };
}

export function note(title: string, advice: string): Finding {
  return { severity: 'note', title, advice };
}

export function worstFirst(findings: readonly Finding[]): Finding[] {
  return severities.flatMap((severity) => findings.filter((finding) => finding.severity === severity));
}
