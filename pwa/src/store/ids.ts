/** Ids made on the phone: random ones, and the same one on every phone for what is kept once a day. */

export function newId(): string {
  return uuid(crypto.getRandomValues(new Uint8Array(16)), 4);
}

/** The id of a once-a-day record: UUIDv5 of "<kind>/<day>" in the patient's own namespace (RFC 9562 §5.5). */
export async function dailyId(patientId: string, kind: string, on: string): Promise<string> {
  const namespace = Uint8Array.from(patientId.replaceAll('-', '').match(/../g) ?? [], (hex) =>
    Number.parseInt(hex, 16),
  );
  const name = new TextEncoder().encode(`${kind}/${on}`);
  const digest = await crypto.subtle.digest('SHA-1', new Uint8Array([...namespace, ...name]));
  return uuid(new Uint8Array(digest, 0, 16), 5);
}

function uuid(bytes: Uint8Array, version: number): string {
  const set = Uint8Array.from(bytes);
  set[6] = ((set[6] ?? 0) & 0x0f) | (version << 4);
  set[8] = ((set[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(set, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
