/** What a screen may ask of the frame around it. */

/** `bare`: the whole screen for the screen itself, without the bottom bar (the player). */
export const frame = $state({ bare: false });
