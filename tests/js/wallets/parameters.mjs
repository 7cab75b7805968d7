// Parameters that governance may not set: one wrong value each, and the error that names the rule
// it breaks.

import { changed, setParameters } from '../lib/parameters.mjs';

const ALL = 1_000_000;
const HALF = ALL / 2;

/**
 * Wrong beside the parameters that the chain starts with. Each rule is broken at both of its ends,
 * where it has two.
 */
const BAD = [
  ['BadCommitteeSize', 'committeeSize', 0],
  ['BadCommitteeSize', 'committeeSize', 17],
  ['BadCommitteeSize', 'minCommittee', 0],
  ['BadCommitteeSize', 'minCommittee', 5],
  ['BadQuorum', 'quorum', HALF],
  ['BadWindow', 'answerWindow', 0],
  ['BadWindow', 'commitWindow', 0],
  ['BadWindow', 'revealWindow', 0],
  ['BadWindow', 'grace', 0],
  ['BadWindow', 'revealDepth', 0],
  ['BadWindow', 'revealDepth', 31],
  ['BadBounties', 'minBounty', 0],
  ['BadBounties', 'maxBounty', 1],
  ['BadTrustBounds', 'rules.trust.min', 0],
  ['BadTrustBounds', 'rules.trust.min', ALL + 1],
  ['BadTrustBounds', 'rules.trust.max', ALL - 1],
  ['BadTrustUpdate', 'rules.trust.update', 'Published'],
  ['BadTrustRate', 'rules.trust.rate', HALF + 1],
  ['BadTrustRate', 'rules.trust.home', HALF + 1],
  ['BadMinSpread', 'rules.skill.minSpread', 9_999],
  ['BadSkillLimit', 'rules.skill.limit', 0],
  ['BadProbation', 'rules.skill.probation', 0],
  ['BadMargin', 'rules.skill.margin', HALF + 1],
  ['BadOffences', 'rules.offence.absent', 0],
  ['BadOffences', 'rules.offence.withheld', 2_499],
  ['BadOffences', 'rules.offence.unopenable', 2_499],
  ['BadChilling', 'rules.offence.chilledAt', 0],
  ['BadChilling', 'rules.offence.forgivenAfter', 0],
  ['BadAnswerPay', 'rules.answer.alpha', 0],
  ['BadAnswerPay', 'rules.answer.floor', ALL],
  ['BadJudgingShare', 'rules.judgingShare', 0],
  ['BadJudgingShare', 'rules.judgingShare', ALL],
  ['BadPastQualities', 'rules.pastQualities', 7],
  ['BadPastQualities', 'rules.pastQualities', 257],
  ['BadRecentPairings', 'rules.recentPairings', 5],
  ['WithholdingPays', 'maxBounty', '100000000000000'],
  ['WithholdingPays', 'evaluatorBond', '100000000000000'],
];

/** Calls through sudo that set one wrong value each, with what they should be refused for. */
export function badParameters(api, parameters) {
  return BAD.map(([error, path, value]) => [error, setParameters(api, changed(parameters, { [path]: value }))]);
}
