<?php
/** WordPress runs this when the plugin is deleted: nothing of it stays. */

defined( 'WP_UNINSTALL_PLUGIN' ) || exit;

delete_option( 'onramp_pixel' );
