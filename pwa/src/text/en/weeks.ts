/** Words of Progress about the diary's weeks, the massages of four weeks, and what the records add up to. */

export const weeks = {
  'week.title': 'My last 7 days',
  'week.pain': { one: 'of 10: pain on average, from {n} day.', other: 'of 10: pain on average, from {n} days.' },
  'week.numbness': {
    one: 'Numbness: {mean} of 10, from {n} day.',
    other: 'Numbness: {mean} of 10, from {n} days.',
  },
  'week.base': 'In your first week, from {day}, it was {mean}.',
  'week.base.numbness': 'Numbness was {mean} then.',
  'week.later': 'After your second week you can see what changed.',
  'week.few': 'Not enough days yet: {n} of {least}.',
  'week.few.why': 'With 4 days in a week there is an average.',
  'week.book': 'Book a visit',
  'week.help': 'Something wrong with my foot',

  'progress.sessions.since': 'Counted from the start of your plan: {day}.',
  'progress.sessions.done': 'a massage',
  'progress.sessions.open': 'a planned day, no massage',
  'progress.sessions.free': 'no massage planned',
  'progress.sessions.none': 'no massage',
  'progress.sessions.legend.done': 'Massage',
  'progress.sessions.legend.open': 'Planned day',
  'progress.sessions.week': 'Week',
  'progress.sessions.massages': 'Done',
  'progress.sessions.planned': 'Planned',
  'progress.sessions.from_to': '{from} – {to}',

  'insights.title': 'What your notes add up to',
  'insights.none': 'Nothing to say yet. It takes some weeks of notes.',
  'insights.waiting': 'Not enough yet',
  'insights.waiting.days': 'Not enough days yet: {n} of {least}.',
  'insights.waiting.weeks': 'Not enough weeks yet: {n} of {least}.',
  'insights.waiting.sessions': 'Not enough massages yet: {n} of {least}.',
  'insights.as_of': 'As of {moment}.',
  'insights.offline': 'Footwell cannot be reached now. This is from {moment}.',
  'insights.never': 'Footwell cannot be reached now. This shows later.',
} as const;
