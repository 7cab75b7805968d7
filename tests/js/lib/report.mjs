// Collects what was proven and what is at fault.

const faults = [];

/**
 * Prints one line for something that holds.
 *
 * @param {string} line
 */
export const say = (line) => console.log(line);

/**
 * Prints a sentence for something that does not hold, and counts it.
 *
 * @param {string} sentence
 */
export const fault = (sentence) => {
  faults.push(sentence);
  console.log(`FAULT: ${sentence}`);
};

/**
 * Prints `line`, with what `check` returned, if `check` reported no fault.
 *
 * @param {string} line
 * @param {() => unknown} check  may be asynchronous
 * @returns {Promise<void>}
 */
export async function prove(line, check) {
  const before = faults.length;
  const count = await check();
  if (faults.length === before) say(count === undefined ? line : `${line}: ${count}`);
}

/**
 * Ends a check that hangs. What it started is ended with it.
 *
 * @param {number} minutes
 */
export function giveUpAfter(minutes) {
  const giveUp = () => {
    console.log(`FAULT: the check is not done after ${minutes} minutes`);
    process.exit(1);
  };
  setTimeout(giveUp, minutes * 60_000).unref();
}

/**
 * How many faults were reported until now.
 *
 * @returns {number}
 */
export const faultCount = () => faults.length;
