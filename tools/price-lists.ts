/** Sends a list of AWS's prices to a marketplace, as its operator. */

export interface Imported {
  added: number;
  unchanged: number;
}

/**
 * @param url the origin of the marketplace.
 * @param apiKey of the operator's organisation.
 * @param csv as POST /v1/infrastructure-prices takes it; tools/sample-prices.csv is one.
 * @throws Error naming each line that is wrong; then nothing was imported.
 */
export async function sendPrices(url: string, apiKey: string, csv: string): Promise<Imported> {
  const answer = await fetch(new URL('/v1/infrastructure-prices', url), {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'text/csv' },
    body: csv,
  });
  if (answer.ok) return (await answer.json()) as Imported;
  const { detail, errors = [] } = (await answer.json()) as { detail: string; errors?: Array<{ path: string; message: string }> };
  throw new Error([detail.split('. ')[0], ...errors.map(({ path, message }) => `  ${path}: ${message}`)].join('\n'));
}
