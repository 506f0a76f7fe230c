import { collectAloneOnFewCores } from './collector.js';
import { serve } from './serve.js';

collectAloneOnFewCores();
process.exitCode = await serve(process.env);
