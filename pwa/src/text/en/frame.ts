/** Words of the frame around every screen, and of the parts that many screens share. */

export const frame = {
  'bar.label': 'Main',
  'bar.today': 'Today',
  'bar.log': 'Log',
  'bar.session': 'Session',
  'bar.progress': 'Progress',
  'bar.more': 'More',

  'frame.back': 'Back',
  'frame.skip': 'Skip to the content',
  'frame.loading': 'One moment…',
  'frame.sign_in_again': 'Sign in again to send your entries.',
  'frame.sign_in_again_why': 'Everything stays safe on this phone until then.',
  'frame.sign_in': 'Sign in',
  'frame.update': 'A new version is ready.',
  'frame.update_now': 'Update now',
  'frame.broken': 'This screen could not open.',
  'frame.broken_why': 'What you typed is safe. Please try again.',
  'frame.try_again': 'Try again',

  'trouble.title': 'Footwell could not open',
  'trouble.old': 'A newer Footwell was open here. Please load it again.',
  'trouble.closed': 'Your entries are safe. Please close other tabs and try again.',

  'sync.waiting': { one: 'Waiting to send: {n}', other: 'Waiting to send: {n}' },
  'sync.now': 'Send now',
  'sync.saved': 'Saved on this phone',
  'sync.sent': 'All sent',
  'sync.sending': 'Sending…',
  'sync.offline': 'Offline. Everything still works.',
  'sync.refused': { one: '{n} entry needs your help', other: '{n} entries need your help' },

  'record.waiting': 'Waiting to send',
  'record.refused': 'Could not be sent',
  'record.edit': 'Edit',
  'record.deleted': 'Deleted.',
  'record.removed': 'Removed.',

  'scale.low': '0 = none',
  'scale.high': '10 = worst you can imagine',
  'scale.skip': 'Skip',

  'toast.undo': 'Undo',
  'toast.saved': 'Saved.',
  'toast.undone': 'Put back.',

  'form.save': 'Save',
  'form.cancel': 'Cancel',
  'form.continue': 'Continue',
  'form.look_again': 'Please check this answer.',
  'form.needed': 'Please fill this in.',
  'form.problems': { one: 'One answer needs a look', other: '{n} answers need a look' },

  'redness.card.title': 'Please look at your feet again',
  'redness.card.go': 'Look now',

  'error.offline': 'This needs the internet. You are offline now.',
  'error.server': 'The server had a problem. Please try again soon.',
  'error.too_many': {
    one: 'Too many tries. Please wait {n} second.',
    other: 'Too many tries. Please wait {n} seconds.',
  },
  'error.too_many_wait': 'Too many tries. Please wait a little.',
  'error.other': 'That did not work. Please try again.',
  'error.storage_full': 'This phone has no room left. Please free some, then save again.',
  'error.not_saved': 'That could not be saved. Please try again.',
  'error.not_signed_in': 'Please sign in again first.',

  'not_found.title': 'No such page',
  'not_found.text': 'This address leads nowhere in Footwell.',
  'not_found.go': 'Go to Today',
} as const;
