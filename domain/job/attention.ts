/**
 * What is still to be done for a job by somebody who may be lost on the way: to submit it, to hear of its end, to queue its
 * callback. What is overdue, reconcile-jobs does.
 */
export const ATTENTIONS = ['submission', 'end', 'callback'] as const;

export type Attention = (typeof ATTENTIONS)[number];

/** Seconds after which it is overdue. Whoever is to do it takes a moment; the end of a job, which may take hours, is looked for. */
const OVERDUE_AFTER_S: Readonly<Record<Attention, number>> = { submission: 60, end: 600, callback: 60 };

/** The attributes of a job that is in need of attention; `by_attention` of the table finds it by them. */
export function attentionFrom(
  attention: Attention,
  at: Date,
): { attention: Attention; attention_at: string } {
  const due = new Date(at.getTime() + OVERDUE_AFTER_S[attention] * 1000);
  return { attention, attention_at: due.toISOString() };
}

/** The names of those attributes, which a job has lost when nothing is to be done for it any more. */
export const ATTENTION_ATTRIBUTES = ['attention', 'attention_at'];

/** What the log says when overdue work was found, with a count of each kind beside it: a metric is counted by it. */
export const RECONCILED_MESSAGE = 'Overdue jobs were helped on.';
