import { Refused } from '#kernel';
import { Problem, refusedByRule } from '#runtime/problem';
import { unavailable } from '#runtime/unavailable';

/** Body of `application/problem+json` (RFC 9457). */
export interface ProblemJson {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance?: string;
  readonly errors?: readonly { readonly field: string; readonly message: string }[];
  readonly [member: string]: unknown;
}

/** What each status means, in the words of RFC 9110. */
export const titles: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  409: 'Conflict',
  410: 'Gone',
  412: 'Precondition Failed',
  413: 'Content Too Large',
  414: 'URI Too Long',
  415: 'Unsupported Media Type',
  421: 'Misdirected Request',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  431: 'Request Header Fields Too Large',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

export function problemJson({ status, code, message, options }: Problem, requestId?: string): ProblemJson {
  const standard = {
    type: `/problems/${code}`,
    title: titleOf(code),
    status,
    detail: message,
    ...(requestId !== undefined && { instance: `urn:uuid:${requestId}` }),
    ...(options.errors && { errors: options.errors }),
  };
  // first for the reader, and again so that no further member replaces one of them
  return { ...standard, ...options.members, ...standard };
}

/** Each type has a title of its own: `key-reused` is "Key reused". */
export const titleOf = (code: string): string => code.charAt(0).toUpperCase() + code.slice(1).replaceAll('-', ' ');

/** Whatever was thrown, as the caller may read it. Only a fault of ours becomes a 500, without its message. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof Refused) return refusedByRule(error);
  const notNow = unavailable(error);
  if (notNow) return notNow;
  const { code, statusCode } = error as { code?: unknown; statusCode?: unknown };
  if (typeof code === 'string' && code.startsWith('FST_ERR')) return frameworkProblem(code, statusCode);
  return new Problem(
    500,
    'internal',
    'Something went wrong here, not with the request. The instance names it in the log of the server.',
  );
}

/** Where an error was thrown, without its message: that may quote what somebody sent. */
export function framesOf(error: unknown): { name: string; frames: readonly string[] } {
  if (!(error instanceof Error)) return { name: typeof error, frames: [] };
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return { name: error.name, frames: frames.map((line) => line.trim()) };
}

function frameworkProblem(code: string, statusCode: unknown): Problem {
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE')
    return new Problem(415, 'unsupported-media-type', 'Send the body as Content-Type: application/json.');
  if (code === 'FST_ERR_BAD_URL')
    return new Problem(400, 'malformed-address', 'The address is not a valid URL path; encode % and other reserved characters.');
  if (code === 'FST_ERR_MAX_PARAM_LENGTH')
    return new Problem(414, 'address-too-long', 'A part of the address is longer than 500 characters; send a shorter one.');
  if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500)
    return new Problem(statusCode, 'malformed-request', 'The request is malformed.');
  return new Problem(
    500,
    'internal',
    'Something went wrong here, not with the request. The instance names it in the log of the server.',
  );
}
