/** What is asked for each, in their order; so many at a time, so that a long list neither waits for each nor floods the server. */
export async function sideBySide<T, R>(all: readonly T[], ask: (one: T) => Promise<R>, atOnce = 8): Promise<readonly R[]> {
  const answers: R[] = new Array(all.length);
  const rest = all.entries();
  const worker = async () => {
    for (const [index, one] of rest) answers[index] = await ask(one);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return answers;
}
