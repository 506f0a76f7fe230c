import { TestEnvironment } from 'jest-environment-node';

/** Runs no further test of a file once one has failed: for whoever only asks whether anything turns red. */
export default class FirstFailure extends TestEnvironment {
  #failed = false;

  handleTestEvent({ name, test }) {
    if (name === 'test_done' && test.errors.length > 0) this.#failed = true;
    if (name === 'test_start' && this.#failed) test.mode = 'skip';
  }
}
