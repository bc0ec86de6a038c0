import { tasks } from './champion/tasks.js';
import { serveTasks } from './core/serve-tasks.js';
import { forecastTasks } from './forecast/tasks.js';

serveTasks({ ...tasks, ...forecastTasks });
