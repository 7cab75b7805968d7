// Runs the parts of the check, side by side where they need not wait for each other, and tells what each found.

/** Runs one part. What it says is printed under its title once it is done, so that the lines of parts do not mix. */
export async function part(title, run) {
  const begun = Date.now();
  const lines = [];
  try {
    return await run((line) => lines.push(line));
  } catch (error) {
    lines.push(`FAILED: ${error.message}`);
    throw new Error(`the part "${title}" failed`, { cause: error });
  } finally {
    console.log(`\n${title} (${Math.round((Date.now() - begun) / 1000)} s)`);
    for (const line of lines) console.log(`  ${line}`);
  }
}

/** A value in one line, for people. */
export function shorten(value, most = 110) {
  const plain = (_, inner) => (typeof inner === 'bigint' ? `${inner}` : inner);
  const text = typeof value === 'string' ? value.replace(/\s+/g, ' ') : JSON.stringify(value, plain);
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

/** An amount in tokens. The chain counts in units of 10^-12. */
export function tokens(amount) {
  return `${Number(amount) / 1e12} POQ`;
}

/** A share in millionths as a percentage. */
export function percent(share) {
  return `${share / 10_000} %`;
}
