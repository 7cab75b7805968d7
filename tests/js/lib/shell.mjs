// Reads shell scripts as far as is needed to find the commands in them: words, quotes, $(…), and
// what ends a command.

const ENDS = new Set(['\n', ';', '|', '&', '(', ')', '{', '}']);
/** Words that come before a command. */
const BEFORE = new Set(['do', 'then', 'else', 'if', 'until', 'while', 'exec', 'sudo', '!']);

/**
 * All commands of a script, each a list of words; those in $(…) come as commands of their own.
 *
 * @param {string} script
 * @returns {string[][]}
 */
export function commands(script) {
  const found = [];
  let words = [];
  let word = null;
  const endWord = () => {
    if (word !== null) words.push(word);
    word = null;
  };
  const endCommand = () => {
    endWord();
    if (words.length > 0) found.push(words);
    words = [];
  };
  for (let at = 0; at < script.length; at += 1) {
    const c = script[at];
    if (c === '\\') {
      at += 1;
      if (script[at] !== '\n') word = (word ?? '') + script[at];
    } else if (c === "'") {
      const end = script.indexOf("'", at + 1);
      if (end < 0) throw new Error('a quote is not closed');
      word = (word ?? '') + script.slice(at + 1, end);
      at = end;
    } else if (c === '"' || c === '$') {
      const [text, inner, end] = c === '"' ? quoted(script, at) : substitution(script, at);
      word = (word ?? '') + text;
      inner.forEach((part) => found.push(...commands(part)));
      at = end;
    } else if (c === '#' && word === null) {
      at = script.indexOf('\n', at) - 1;
      if (at < 0) break;
    } else if (c === '>' || c === '<') {
      endWord();
      words.push(c);
    } else if (ENDS.has(c)) {
      endCommand();
    } else if (c === ' ' || c === '\t') {
      endWord();
    } else {
      word = (word ?? '') + c;
    }
  }
  endCommand();
  return found.map(bare).filter((command) => command.length > 0);
}

/** A text in double quotes that begins at `start`: itself, the scripts in it, and where it ends. */
function quoted(script, start) {
  let text = '';
  const inner = [];
  let at = start + 1;
  for (; script[at] !== '"'; at += 1) {
    if (at >= script.length) throw new Error('a quote is not closed');
    if (script[at] === '\\') {
      at += 1;
      text += script[at];
    } else if (script[at] === '$') {
      const [part, scripts, end] = substitution(script, at);
      text += part;
      inner.push(...scripts);
      at = end;
    } else {
      text += script[at];
    }
  }
  return [text, inner, at];
}

/** What `$` begins: a command substitution stands for some word, anything else for itself. */
function substitution(script, start) {
  if (script[start + 1] !== '(') return ['$', [], start];
  let depth = 1;
  let at = start + 2;
  for (; depth > 0; at += 1) {
    if (at >= script.length) throw new Error('$( is not closed');
    if (script[at] === '"') at = quoted(script, at)[2];
    else if (script[at] === '(') depth += 1;
    else if (script[at] === ')') depth -= 1;
  }
  return ['SUBSTITUTED', [script.slice(start + 2, at - 1)], at - 1];
}

/** Without redirections, assignments, and words that only come before a command. */
function bare(words) {
  const plain = [];
  for (let at = 0; at < words.length; at += 1) {
    if (words[at] === '>' || words[at] === '<') at += 1;
    else plain.push(words[at]);
  }
  while (plain.length > 0 && (BEFORE.has(plain[0]) || /^[A-Za-z_]\w*=/.test(plain[0]))) plain.shift();
  return plain;
}
