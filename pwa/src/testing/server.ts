/** A small server for tests: keeps records, numbers its changes and answers like the real one. */
import { type Answer, ApiError, type Ask } from '../api/client';

interface Kept {
  kind: string;
  id: string;
  seq: number;
  record: Record<string, unknown> | null;
}

const KINDS: Record<string, string> = {
  'session-logs': 'session_log',
  'symptom-entries': 'symptom_entry',
  blocks: 'block',
  'triage-events': 'triage_event',
  'glucose-readings': 'glucose_reading',
  reminders: 'reminder',
};

export class TestServer {
  readonly asked: Ask[] = [];
  readonly kept = new Map<string, Kept>();
  pageSize = 2;
  /** What the next requests meet instead of a good answer. */
  trouble: (ask: Ask) => 'offline' | 'reply_lost' | Answer | null = () => null;
  #seq = 0;
  #forgetful = false;

  readonly exchange = async (ask: Ask): Promise<Answer> => {
    const trouble = this.trouble(ask);
    this.asked.push(ask);
    const answer = trouble === null || trouble === 'reply_lost' ? this.#answer(ask) : trouble;
    if (answer === 'offline' || trouble === 'reply_lost') {
      throw new ApiError({ status: 0, code: 'offline', detail: '', errors: {}, retryAfter: null });
    }
    return answer;
  };

  /** As if another phone, or the server itself, had written it. */
  write(kind: string, id: string, record: Record<string, unknown> | null): number {
    this.#seq += 1;
    this.kept.set(`${kind}/${id}`, { kind, id, seq: this.#seq, record });
    return this.#seq;
  }

  /** The next cursor is too old: the phone must read everything again. */
  startOver(): void {
    this.#forgetful = true;
  }

  get sent(): string[] {
    return this.asked.filter(({ method }) => method !== 'GET').map(({ method, path }) => `${method} ${path}`);
  }

  #answer({ method, path, body }: Ask): Answer {
    if (path.startsWith('/changes')) return reply(200, this.#changes(Number(path.split('since=')[1] ?? 0)));
    if (path === '/me') {
      const me = { ...this.kept.get('me/p1')?.record, ...(body as object) };
      return reply(200, me, this.write('me', 'p1', me));
    }
    const [, folder = '', id = ''] = path.split('/');
    const kind = KINDS[folder] ?? folder;
    const known = this.kept.get(`${kind}/${id}`);
    if (method === 'GET') return known?.record ? reply(200, known.record, known.seq) : problem(404, 'not_found');
    if (method === 'DELETE') {
      if (!known) return problem(404, 'not_found');
      return reply(204, null, this.write(kind, id, null));
    }
    const record = { ...(body as object), id, updated_at: 'now' };
    return reply(known ? 200 : 201, record, this.write(kind, id, record));
  }

  #changes(since: number): unknown {
    if (since > 0 && this.#forgetful) {
      this.#forgetful = false;
      return { reset: true };
    }
    const newer = [...this.kept.values()].filter(({ seq }) => seq > since).sort((one, other) => one.seq - other.seq);
    const items = newer.slice(0, this.pageSize).map((row) => ({ ...row, deleted: row.record === null }));
    return { items, next: String(items.at(-1)?.seq ?? since), more: newer.length > items.length };
  }
}

export function reply(status: number, body: unknown, seq?: number): Answer {
  const headers = new Headers({ 'Footwell-Api': '1' });
  if (seq !== undefined) headers.set('ETag', `"${seq}"`);
  return { status, ours: true, body, headers };
}

export function problem(status: number, code: string, headers: Record<string, string> = {}): Answer {
  return { status, ours: true, body: { status, code, detail: `about ${code}` }, headers: new Headers(headers) };
}
