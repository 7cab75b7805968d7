// Reads a document: its fenced blocks with the marks before them, and the code in its text.

/** Languages of blocks that hold commands. */
const SHELL = ['sh', 'bash', 'shell', 'console', 'zsh'];
/** Languages of blocks that hold output or anything; commands in them would go unnoticed. */
const ANYTHING = ['', 'text', 'txt', 'plain'];
/** How a line begins that is a command. */
const COMMAND =
  /^\s*(\$ |(sudo |\.\/|target\/release\/)?(poq|poq-node|poq-demo|ocw-scorer|make|cargo|npm|npx|node|pip|python3?|docker|curl|git|apt-get|systemctl|scripts\/\S+) [\w./-])/m;

const RUN = /^<!-- run by: ([^\s,]+)(.*) -->$/;
const NOT_RUN = /^\*Not run by a test: (.+)\*$/;
/** The same where the text around says it to readers. */
const NOT_RUN_AS_TOLD = /^<!-- not run by a test: (.+) -->$/;
const TOLD = /\b(not|nothing|none|never|no test)\b[^.]*\b(run|ran|runs|tried)\b/i;
const RUNNABLE = /^<!-- runnable blocks are run by: (\S+) -->$/m;

/**
 * All of a document: its blocks, and its code between backticks, with the lines that they are in.
 */
export function read(path, text) {
  const lines = text.split('\n');
  const [, runner] = text.match(RUNNABLE) ?? [];
  const blocks = [];
  const codes = [];
  for (let at = 0; at < lines.length; at += 1) {
    const [, indent, fence, info] = lines[at].match(/^( *)(`{3,}|~{3,})(.*)$/) ?? [];
    if (fence === undefined) {
      if (/^(\t| {4,})\$ \S/.test(lines[at])) blocks.push({ path, line: at + 1, language: '', words: [], script: lines[at], marks: [] });
      for (const [, code] of lines[at].matchAll(/`([^`]+)`/g)) codes.push({ path, line: at + 1, code, paragraph: paragraph(lines, at) });
      continue;
    }
    const end = lines.findIndex((line, index) => index > at && line.trim() === fence);
    if (end < 0) throw new Error(`${path}:${at + 1}: the block is not closed`);
    const [language, ...words] = info.trim().split(/\s+/);
    const body = lines.slice(at + 1, end).map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line));
    const script = language === 'console' ? body.filter((line) => line.startsWith('$ ')).map((line) => line.slice(2)) : body;
    blocks.push({ path, line: at + 1, language, words, script: script.join('\n') + '\n', marks: marks(lines, at, words, runner) });
    at = end;
  }
  return { path, text, blocks, codes };
}

/** The paragraph, the item of a list or the row of a table that line `at` is in. */
function paragraph(lines, at) {
  const begins = (line) => /^\s*([-*] |\d+\. |\|)/.test(line);
  const ends = (line) => line === undefined || line.trim() === '' || /^ *(`{3,}|~{3,})/.test(line);
  let [from, to] = [at, at + 1];
  while (!begins(lines[from]) && !ends(lines[from - 1])) from -= 1;
  while (!ends(lines[to]) && !begins(lines[to])) to += 1;
  return lines.slice(from, to).join(' ');
}

/**
 * What is said of the block that begins at line `at`: the lines right before it that are marks, or
 * the document's mark.
 */
function marks(lines, at, words, runner) {
  const found = [];
  for (let above = at - 1; above >= 0; above -= 1) {
    const line = lines[above].trim();
    const [run, notRun] = [line.match(RUN), line.match(NOT_RUN) ?? (isTold(lines, at) && line.match(NOT_RUN_AS_TOLD))];
    if (run) found.push({ file: run[1], texts: [...run[2].matchAll(/"([^"]+)"/g)].map(([, text]) => text) });
    else if (notRun) found.push({ reason: notRun[1] });
    else if (line !== '') break;
  }
  if (runner && words.includes('runnable')) found.push({ file: runner, texts: [] });
  return found;
}

/** Whether the section of this line says that something is not run. */
function isTold(lines, at) {
  const isHeading = (line) => /^#+ /.test(line);
  const after = lines.slice(at).findIndex(isHeading);
  const section = lines.slice(lines.slice(0, at).findLastIndex(isHeading) + 1, after < 0 ? undefined : at + after);
  return TOLD.test(section.join(' ').replace(/<!--.*?-->/g, ''));
}

/** Whether a block is for a shell. */
export const isShell = ({ language }) => SHELL.includes(language);

/** Whether a block that says nothing of a shell looks like commands all the same. */
export const looksLikeShell = ({ language, script }) => ANYTHING.includes(language) && COMMAND.test(script);
