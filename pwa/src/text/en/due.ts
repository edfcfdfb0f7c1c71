/** Words of what is due on Today, of putting it off, and of the question after a journey. */

export const due = {
  'due.later': 'Later',
  'due.later.close': 'Keep it as it is',
  'due.10': 'In 10 minutes',
  'due.30': 'In 30 minutes',
  'due.60': 'In an hour',
  'due.tonight': 'Tonight, {time}',
  'due.skip': 'Not today',
  'due.put_off': 'It comes again at {time}.',
  'due.skipped': 'That is fine. Not today.',
  'due.until': 'Put off until {time}.',
  'due.at': 'Planned for {time}.',
  'due.done': 'Done',
  'due.kept': 'Marked as done.',

  'due.shoe_check': 'Look at your shoes',
  'due.shoe_check.do': 'Check my shoes',
  'due.symptom_entry': 'How are your feet?',
  'due.symptom_entry.do': 'Write it down',
  'due.own': 'Your own reminder',
  'due.clearance': 'Your OK from the clinic ends soon',
  'due.clearance.text': 'Ask them for a new one. Then your massages can go on.',
  'due.clearance.do': 'See it',

  'travel.title': 'Are you on a journey?',
  'travel.text': 'This phone shows {here} time. Your reminders come by {home} time.',
  'travel.same': 'A reminder for 7 in the evening comes at {time} here.',
  'travel.follow': 'Follow this phone',
  'travel.keep': 'Keep {home} time',
  'travel.followed': 'Your reminders now follow {here} time.',
  'travel.kept': 'Your reminders keep {home} time.',
} as const;
