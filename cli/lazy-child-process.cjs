'use strict';
// commander requires `node:child_process` when it is loaded, for a feature that is not used here, which takes milliseconds.
// cli/build.cjs replaces it with this module, which loads it on first use.
module.exports = {
  get spawn() {
    return require('child_process').spawn;
  },
};
