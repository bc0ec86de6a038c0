import { tasks } from './champion/tasks.js';
import { serveTasks } from './core/serve-tasks.js';

serveTasks(tasks);
