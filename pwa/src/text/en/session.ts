/** Words of the session, its check, the player and the profile questions. */

export const session = {} as const;
