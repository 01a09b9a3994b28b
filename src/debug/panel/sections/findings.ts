import { type Finding, type Severity, severities } from '../../finding.ts';
import { badge } from '../badge.ts';
import { element } from '../element.ts';

const headings: Record<Severity, string> = { problem: 'Problems', check: 'To check', note: 'Good to know' };

/** What there is to do, worst first. */
export function drawFindings(findings: readonly Finding[]): Node[] {
  return severities.flatMap((severity) => {
    const alike = findings.filter((finding) => finding.severity === severity);
    if (alike.length === 0) return [];
    return [
      element(
        'div',
        { class: 'findings' },
        element('h3', {}, badge(severity, headings[severity])),
        element('ul', {}, ...alike.map(drawFinding)),
      ),
    ];
  });
}

function drawFinding({ title, advice }: Finding): HTMLElement {
  return element('li', {}, element('strong', {}, title), element('p', {}, advice));
}
