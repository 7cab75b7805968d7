// Runs the parts of the check, side by side where they need not wait for each other, and tells what
// each found.

/**
 * Runs one part. What it says is printed under its title once it is done, so that the lines of
 * parts do not mix.
 */
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
