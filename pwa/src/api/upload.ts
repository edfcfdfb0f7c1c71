/** Sends a large file and tells how far it is, which `fetch` cannot. */
import { API, ApiError, problemOf } from './client';

/** `progress` hears how much has gone, from 0 to 1. Throws ApiError, `offline` when nothing came back. */
export function upload(path: string, file: Blob, progress: (part: number) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('PUT', API + path);
    request.setRequestHeader('Content-Type', 'application/zip');
    request.upload.onprogress = ({ loaded, total }) => progress(total > 0 ? loaded / total : 0);
    request.onerror = () =>
      reject(new ApiError({ status: 0, code: 'offline', detail: '', errors: {}, retryAfter: null }));
    request.onload = () => {
      const headers = new Headers();
      const wait = request.getResponseHeader('Retry-After');
      if (wait) headers.set('Retry-After', wait);
      const ours = request.getResponseHeader('Footwell-Api') !== null;
      const problem = problemOf({ status: request.status, ours, body: parsed(request.responseText), headers });
      if (problem) reject(new ApiError(problem));
      else resolve();
    };
    request.send(file);
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
