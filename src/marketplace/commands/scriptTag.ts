/** The line that a provider pastes; the base address is a placeholder where the environment names none. */
export function scriptTag(partnerKey: string, serviceName: string): string {
  const baseUrl = process.env.ONRAMP_BASE_URL || 'https://marketplace.example';
  const name = serviceName.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
  return `<script async src="${baseUrl.replace(/\/$/, '')}/onramp.js" data-partner-key="${partnerKey}" data-service-name="${name}"></script>`;
}
