/** The only fetch. Turns every failure into an ApiError, and nothing that is not our server's answer into one of ours. */

export const API = '/api/v1';
const TIMEOUT_MS = 30_000;
const NO_PROBLEM = { status: 0, code: 'server_error', detail: '', errors: {}, retryAfter: null };

export interface Problem {
  status: number;
  code: string;
  detail: string;
  errors: Record<string, string[]>;
  /** Milliseconds, when the server said how long to wait. */
  retryAfter: number | null;
}

/** What an ask ends with unless it went well. `code` is the server's stable word, `offline` without a network, `not_footwell` when something else answered. */
export class ApiError extends Error implements Problem {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly errors: Record<string, string[]>;
  readonly retryAfter: number | null;

  constructor({ status, code, detail, errors, retryAfter }: Problem) {
    super(`${code}: ${detail}`);
    this.status = status;
    this.code = code;
    this.detail = detail;
    this.errors = errors;
    this.retryAfter = retryAfter;
  }
}

export interface Answer {
  status: number;
  /** Did our server answer, and not a hotel's sign-in page? */
  ours: boolean;
  body: unknown;
  headers: Headers;
}

export interface Ask {
  method: string;
  path: string;
  body?: unknown;
  authorization?: string | undefined;
  keepalive?: boolean;
}

/** Sends one request and reads the answer whole. Throws ApiError `offline` when nothing came back. */
export async function exchange({ method, path, body, authorization, keepalive = false }: Ask): Promise<Answer> {
  const headers = new Headers({ Accept: 'application/json, application/problem+json' });
  if (body !== undefined && body !== null) headers.set('Content-Type', 'application/json');
  if (authorization) headers.set('Authorization', authorization);
  const init: RequestInit = { method, headers, keepalive };
  if (body !== undefined && body !== null) init.body = JSON.stringify(body);
  return answerOf(await send(new Request(new URL(API + path, self.location.origin), init)));
}

/** Lets a good answer of our server through and throws any other as ApiError. */
export async function thrownUnlessGood(response: Response): Promise<Response> {
  if (response.ok && isOurs(response)) return response;
  throw new ApiError(problemOf(await answerOf(response)) ?? { ...NO_PROBLEM, status: response.status });
}

/** What went wrong, or null when our server said all is well. */
export function problemOf({ status, ours, body, headers }: Answer): Problem | null {
  const retryAfter = waitOf(headers.get('Retry-After'), Date.now());
  if (!ours) return { status, code: 'not_footwell', detail: '', errors: {}, retryAfter: null };
  if (status >= 200 && status < 300) return null;
  const said = isObject(body) ? body : {};
  const text = (value: unknown, otherwise: string): string => (typeof value === 'string' ? value : otherwise);
  const errors = isObject(said.errors) ? (said.errors as Record<string, string[]>) : {};
  return { status, code: text(said.code, 'server_error'), detail: text(said.detail, ''), errors, retryAfter };
}

/** Retry-After is a number of seconds or a date (RFC 9110 §10.2.3). */
export function waitOf(value: string | null, now: number): number | null {
  if (value === null) return null;
  const seconds = Number(value);
  const wait = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(value) - now;
  return Number.isFinite(wait) ? Math.max(0, wait) : null;
}

/** The only fetch. Throws ApiError `offline` when nothing came back. */
export async function send(request: Request): Promise<Response> {
  request.headers.set('Footwell-Sent-At', new Date().toISOString());
  try {
    return await fetch(request, {
      credentials: 'same-origin',
      redirect: 'error',
      cache: 'no-store',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch {
    throw offline();
  }
}

async function answerOf(response: Response): Promise<Answer> {
  const { status, headers } = response;
  return { status, ours: isOurs(response), body: await jsonOf(response), headers };
}

function isOurs(response: Response): boolean {
  return response.headers.has('Footwell-Api');
}

async function jsonOf(response: Response): Promise<unknown> {
  const text = await response.text().catch(() => {
    throw offline();
  });
  try {
    return text === '' ? null : (JSON.parse(text) as unknown);
  } catch {
    return null;
  }
}

function offline(): ApiError {
  return new ApiError({ ...NO_PROBLEM, code: 'offline' });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
