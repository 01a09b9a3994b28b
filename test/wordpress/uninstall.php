<?php
/** Deletes the plugin's data as WordPress does when somebody deletes the plugin; prints what is left. */

require $argv[1] . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/plugin.php';

deactivate_plugins( 'onramp-pixel/onramp-pixel.php' );
uninstall_plugin( 'onramp-pixel/onramp-pixel.php' );
echo wp_json_encode( $wpdb->get_col( "select option_name from $wpdb->options where option_name like '%onramp%'" ) );
