import { join } from 'node:path';
import { contexts } from '#contexts';
import { systemContext } from '#runtime';

/** All contexts of the product with those of the runtime. */
export const allContexts = [systemContext, ...contexts];

/** The files of a data folder, beside the log's own. Snapshots and timers lie apart from the views: two threads write them. */
export const keysFileIn = (folder: string): string => join(folder, 'keys.db');
export const stateFileIn = (folder: string): string => join(folder, 'state.db');
/** The local copy of a remote log. */
export const mirrorFileIn = (folder: string): string => join(folder, 'mirror.db');
export const viewsFileIn = (folder: string): string => join(folder, 'views.db');
