/** A rule of the domain said no. Becomes a 422 problem whose type is the code; the code is part of the contract. */
export class Refused extends Error {
  constructor(
    readonly code: string,
    message: string,
    /** The field of the command that would have to be another, as `errors` of a problem name it: `amount`, `lines[2].quantity`. */
    readonly field?: string,
  ) {
    super(message);
    this.name = 'Refused';
  }
}

/** Say what is the matter, and behind that what to do about it. `field`: which field of the command that is about, if one alone is. */
export function refuse(code: string, message: string, field?: string): never {
  throw new Refused(code, message, field);
}
