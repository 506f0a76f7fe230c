/** A rule of the domain said no. Becomes a 422 problem whose type is the code; the code is part of the contract. */
export class Refused extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = 'Refused';
  }
}

export function refuse(code: string, message: string): never {
  throw new Refused(code, message);
}
