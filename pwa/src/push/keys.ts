/** Push keys as they are written (base64url), and a subscription as the server wants it. */

export function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  const base64 = text.replaceAll('-', '+').replaceAll('_', '/');
  return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
}

export function sameBytes(one: ArrayBuffer | null, other: Uint8Array): boolean {
  if (!one || one.byteLength !== other.length) return false;
  return new Uint8Array(one).every((byte, index) => byte === other[index]);
}

export interface SubscriptionBody {
  endpoint: string;
  keys: { p256dh: string; auth: string };
  label: string;
  replaces: string | null;
}

/** A browser's subscription as the server wants it; `replaces` is the endpoint it takes over from. */
export function subscriptionBody(made: PushSubscription, label: string, replaces: string | null): SubscriptionBody {
  const { endpoint } = made;
  const old = replaces === endpoint ? null : replaces;
  return { endpoint, keys: { p256dh: keyText(made, 'p256dh'), auth: keyText(made, 'auth') }, label, replaces: old };
}

function keyText(subscription: PushSubscription, name: PushEncryptionKeyName): string {
  return toBase64Url(new Uint8Array(subscription.getKey(name) ?? new ArrayBuffer(0)));
}

function toBase64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}
