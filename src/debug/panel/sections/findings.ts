import type { Finding } from '../../finding.ts';
import { badge, severityWords } from '../badge.ts';
import { element } from '../element.ts';

export function drawFinding({ severity, title, advice }: Finding): HTMLElement {
  return element(
    'li',
    { class: `finding ${severity}` },
    badge(severity, severityWords[severity]),
    element('strong', {}, title),
    element('p', {}, advice),
  );
}

export function drawFindings(findings: readonly Finding[]): Node[] {
  if (findings.length === 0) return [];
  return [element('ul', { class: 'findings' }, ...findings.map(drawFinding))];
}
