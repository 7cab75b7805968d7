// Collects what was proven and what is at fault.

const faults = [];

/** One line for something that holds. */
export const say = (line) => console.log(line);

/** A sentence for something that does not. */
export const fault = (sentence) => {
  faults.push(sentence);
  console.log(`FAULT: ${sentence}`);
};

/** Says `line` if `check`, which may report faults, reported none. */
export async function prove(line, check) {
  const before = faults.length;
  const count = await check();
  if (faults.length === before) say(count === undefined ? line : `${line}: ${count}`);
}

/** Ends a check that hangs. What it started is ended with it. */
export function giveUpAfter(minutes) {
  const giveUp = () => {
    console.log(`FAULT: the check is not done after ${minutes} minutes`);
    process.exit(1);
  };
  setTimeout(giveUp, minutes * 60_000).unref();
}

export const faultCount = () => faults.length;
